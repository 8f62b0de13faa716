/**
 * A TCP load balancer that lies: connections go to live backends in turn; replies are lost or late, and requests arrive
 * a second time at another backend, now or when later ones have passed. WebSockets go through untouched until `cut`.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface Faults {
  /** Share of chunks of replies at which the connection is cut instead. */
  readonly loss: number;
  /** Share of requests that are sent a second time. */
  readonly doubling: number;
  /** Longest wait of a reply or of a second copy. */
  readonly delayMs: number;
}

export class Balancer {
  faults: Faults = { loss: 0, doubling: 0, delayMs: 0 };
  /** How often each fault bit; `resent` counts bodies that a client sent again by itself. */
  readonly counts = { cut: 0, lost: 0, doubled: 0, doubledAnswered: 0, resent: 0 };
  readonly #ports: readonly number[];
  readonly #random: () => number;
  readonly #sockets = new Set<Socket>();
  /** Backends' ends by the ports that clients connected from. */
  readonly #backends = new Map<number, Socket>();
  readonly #seen = new Set<string>();
  readonly #server: Server = createServer({ noDelay: true }, (near) => void this.#serve(near));
  #turn = 0;

  constructor(ports: readonly number[], random: () => number) {
    this.#ports = ports;
    this.#random = random;
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts this share of all connections. */
  cut(share: number): void {
    for (const socket of this.#sockets) {
      if (this.#random() >= share) continue;
      this.counts.cut += 1;
      socket.destroy();
    }
  }

  /** Bytes that a backend sent on the connection that comes from this port of the client; 0 when there is none. */
  received(clientPort: number): number {
    return this.#backends.get(clientPort)?.bytesRead ?? 0;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.cut(1);
    await once(this.#server, 'close');
  }

  async #serve(near: Socket): Promise<void> {
    this.#track(near);
    near.pause();
    const far = await this.#backend();
    if (far === null || near.destroyed) {
      near.destroy();
      far?.destroy();
      return;
    }
    const port = near.remotePort as number;
    this.#backends.set(port, far);
    near.on('close', () => {
      this.#backends.delete(port);
      far.destroy();
    });
    far.on('close', () => near.destroy());
    far.on('data', (data) => this.#answer(near, far, data, isRaw()));
    const { take, isRaw } = this.#requests(far);
    near.on('data', take);
    near.resume();
  }

  /** The next backend that accepts; null when none does. */
  async #backend(): Promise<Socket | null> {
    for (const _ of this.#ports) {
      const port = this.#ports[this.#turn++ % this.#ports.length] as number;
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      const isOpen = await once(far, 'connect').then(
        () => true,
        () => false,
      );
      if (isOpen) return this.#track(far);
    }
    return null;
  }

  #answer(near: Socket, far: Socket, data: Buffer, isRaw: boolean): void {
    if (isRaw) {
      // A client that does not read must be felt by the server.
      if (near.write(data)) return;
      far.pause();
      near.once('drain', () => far.resume());
    } else if (this.#random() < this.faults.loss) {
      this.counts.lost += 1;
      near.destroy();
    } else if (this.faults.delayMs === 0) near.write(data);
    else setTimeout(() => near.write(data), this.#random() ** 4 * this.faults.delayMs); // mostly short
  }

  /** Hands on whole requests, some of them twice. */
  #requests(far: Socket): { take: (data: Buffer) => void; isRaw: () => boolean } {
    let held = Buffer.alloc(0);
    let raw = false;
    const take = (data: Buffer): void => {
      if (raw) return void far.write(data);
      held = Buffer.concat([held, data]);
      for (let head = held.indexOf('\r\n\r\n'); head >= 0 && !raw; head = held.indexOf('\r\n\r\n')) {
        const headers = held.toString('latin1', 0, head);
        raw = /^upgrade: *websocket/im.test(headers);
        const end = head + 4 + Number(/^content-length: *(\d+)/im.exec(headers)?.[1] ?? 0);
        if (held.length < end) return;
        this.#hand(far, held.subarray(0, end), held.subarray(head + 4, end));
        held = held.subarray(end);
      }
    };
    return { take, isRaw: () => raw };
  }

  #hand(far: Socket, request: Buffer, body: Buffer): void {
    far.write(request);
    if (body.length === 0) return;
    const hash = createHash('sha1').update(body).digest('base64');
    if (this.#seen.has(hash)) this.counts.resent += 1;
    this.#seen.add(hash);
    if (this.#random() < this.faults.doubling)
      setTimeout(() => void this.#double(Buffer.from(request)), this.#random() * this.faults.delayMs);
  }

  async #double(request: Buffer): Promise<void> {
    const far = await this.#backend();
    if (far === null) return;
    this.counts.doubled += 1;
    let answer = ''; // head and body may come apart
    far.on('data', (data: Buffer) => {
      answer += data.toString('latin1');
      if (!/"(outcome|errors)"/.test(answer)) return;
      if (answer.includes('"ACCEPTED"')) this.counts.doubledAnswered += 1;
      far.destroy();
    });
    far.write(request);
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
