/** Types of other implementations, with which the tests pack. */
declare module "lz4js" {
  export function compress(plain: Uint8Array): Uint8Array;
}

declare module "snappyjs" {
  export function compress(plain: Buffer): Buffer<ArrayBuffer>;
}
