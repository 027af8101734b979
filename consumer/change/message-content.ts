/** The content of a logical message (base64) as a person reads it: its text, or the base64 where it is none. */
export function decodeContent(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return base64;
  }
}
