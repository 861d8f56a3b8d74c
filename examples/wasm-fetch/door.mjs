// The host's side of door.rs.

/** Puts messages into a module and takes them out of it, as bytes. */
export function door(core) {
  return {
    put: (bytes) => bytes.forEach((byte) => core.put(byte)),
    take: () => {
      const bytes = Uint8Array.from({ length: core.length() }, (_, index) => core.get(index));
      core.clear();
      return bytes;
    },
  };
}
