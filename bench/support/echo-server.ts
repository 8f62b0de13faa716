/** A process that sends every WebSocket message back, and tells its port on stdout. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
server.on('listening', () => console.log((server.address() as AddressInfo).port));
