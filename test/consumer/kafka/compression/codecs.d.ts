/** Other implementations, which the tests pack with. */
declare module "lz4js" {
  export function compress(plain: Uint8Array): Uint8Array;
}

declare module "snappyjs" {
  export function compress(plain: Buffer): Buffer<ArrayBuffer>;
}
