/**
 * The protocol's version. Raise it with every change of the wire schemas (a test hashes them) and add a line:
 * 1  first version: sign-in, push, snapshot and delta pull, live hints
 * 2  commands about customers, searches, phrases and duty; custom fields; operations, import and export
 * 3  attachments; a window of recent tickets, older ones on demand; marks, by which a restored server is noticed; calls; devices, erased from afar
 */
export const PROTOCOL_VERSION = 3;
/** The server accepts this version and the ones up to `PROTOCOL_VERSION`. */
export const OLDEST_PROTOCOL_VERSION = 1;
/** Versions before this one do not know that a device can be erased. */
export const ERASING_PROTOCOL_VERSION = 3;
