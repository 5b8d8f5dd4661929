import { Socket } from "node:net";

/**
 * Standard input and output as they are: binary, and not by way of the main thread, which prints what a command says.
 */
export function standardPipes(): { input: Socket; output: Socket } {
  return {
    input: new Socket({ fd: 0, readable: true, writable: false }),
    output: new Socket({ fd: 1, readable: false, writable: true }),
  };
}
