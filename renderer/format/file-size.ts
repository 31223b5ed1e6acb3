/** Bytes as people say them; never 0 for something. */
export function fileSize(bytes: number): string {
  const kilo = bytes / 1024;
  return kilo < 1000 ? `${Math.max(1, Math.round(kilo)).toLocaleString()} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}
