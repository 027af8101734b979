/**
 * The content of a logical message as a person reads it: its text, or what the record has when that is no text in base64, as with
 * `binary.handling.mode` hex.
 */
export function decodeContent(content: string): string {
  try {
    const bytes = Uint8Array.from(atob(content.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return content;
  }
}
