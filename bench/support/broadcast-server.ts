/**
 * A bare ws server as a process of its own: a socket names its channel in the path, and what a publisher sends to
 * `/publish/CHANNEL` goes to all sockets of the channel, made into bytes once. Tells its port on stdout.
 */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const channels = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const [, verb, channel = ''] = (request.url ?? '').split('/');
  const sockets = channels.get(channel) ?? new Set();
  channels.set(channel, sockets);
  if (verb === 'publish') {
    socket.on('message', (message) => {
      for (const one of sockets) one.send(message, { binary: false });
    });
    return;
  }
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
server.on('listening', () => console.log((server.address() as AddressInfo).port));
