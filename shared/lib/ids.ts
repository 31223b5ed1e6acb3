/** A UUIDv7 in lower-case text form (RFC 9562): sorts by the time at which it was made. */
export type Id = string;

/** Makes ids. A port, so that a simulation can seed it. */
export type IdSource = () => Id;
