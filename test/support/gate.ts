/** A TCP relay between two parts of the product: it can be held up, cut, and pointed at another server. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Gate {
  #target: number;
  #isHeld = false;
  readonly #pairs = new Set<readonly [near: Socket, far: Socket]>();
  readonly #server: Server = createServer({ noDelay: true }, (near) => this.#relay(near));

  constructor(target: number) {
    this.#target = target;
  }

  /** The port on 127.0.0.1 that it listens on. */
  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on no byte passes from the server, on connections open and new, until they are cut. */
  hold(): void {
    this.#isHeld = true;
    for (const [, far] of this.#pairs) far.removeAllListeners('data').pause();
  }

  /** Ends all connections, with whatever was on its way; new ones go to `target`. */
  point(target: number): void {
    this.#target = target;
    for (const sockets of this.#pairs) for (const socket of sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.point(this.#target);
    await once(this.#server, 'close');
  }

  #relay(near: Socket): void {
    const far = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
    near.on('data', (data) => far.write(data));
    if (this.#isHeld) far.pause();
    else far.on('data', (data) => near.write(data));
  }
}
