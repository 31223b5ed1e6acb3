/** Makes the compiler check that a switch covers every case. @throws Error if reached at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
