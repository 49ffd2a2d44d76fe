/**
 * A store in an S3 or S3-compatible bucket, accessed with the AWS SDK client, an optional dependency. Credentials,
 * region and endpoint come from the usual environment variables of the SDK: `AWS_ACCESS_KEY_ID`, `AWS_REGION`,
 * `AWS_ENDPOINT_URL_S3`, …
 */
import { InputError } from '../../input-error.ts';
import { optionalPackage } from '../optional-package.ts';
import { type Store, StoreError } from './store.ts';

/** Whether a location is in S3: `s3://BUCKET/PREFIX`. */
export const isS3 = (place: string): boolean => place.startsWith('s3://');

/** Opens the store. Throws `InputError` if the location has no bucket or the client is not installed. */
export async function s3Store(place: string): Promise<Store> {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*?))?\/?$/.exec(place);
  if (match === null) throw new InputError(`${place} is not a location in S3 of the form s3://BUCKET/PREFIX`);
  const bucket = match[1]!;
  const prefix = match[2] ? `${match[2]}/` : '';
  const aws = await optionalPackage(() => import('@aws-sdk/client-s3'), '@aws-sdk/client-s3');
  // Self-hosted servers address buckets by path, not by host name.
  const client = new aws.S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
  const at = (name: string) => ({ Bucket: bucket, Key: prefix + name });
  const orAbsent = async <T>(answer: Promise<T>): Promise<T | undefined> => {
    try {
      return await answer;
    } catch (error) {
      const { name } = error as Error;
      if (name === 'NoSuchKey' || name === 'NotFound') return undefined;
      throw failure(place, error);
    }
  };
  return {
    place,
    async read(name) {
      const answer = await orAbsent(client.send(new aws.GetObjectCommand(at(name))));
      return answer && (await answer.Body!.transformToByteArray());
    },
    size: async name => (await orAbsent(client.send(new aws.HeadObjectCommand(at(name)))))?.ContentLength,
    async write(name, bytes) {
      // PutObject is atomic: the object appears complete or not at all.
      await orFailure(place, client.send(new aws.PutObjectCommand({ ...at(name), Body: bytes })));
    },
    async list(folder) {
      const under = folder === '' ? prefix : `${prefix}${folder}/`;
      const names: string[] = [];
      const pages = aws.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: under });
      try {
        for await (const { Contents = [] } of pages) for (const { Key = '' } of Contents) names.push(Key);
      } catch (error) {
        throw failure(place, error);
      }
      return names.map(name => name.slice(prefix.length)).sort();
    },
    async remove(name) {
      await orFailure(place, client.send(new aws.DeleteObjectCommand(at(name))));
    },
    clean: async () => {},
    // No lock: concurrent runs only duplicate work, because they write identical files.
    lock: async () => async () => {},
  };
}

async function orFailure<T>(place: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failure(place, error);
  }
}

const failure = (place: string, error: unknown): StoreError =>
  new StoreError(`${place} can't be written or read: ${(error as Error).name}: ${(error as Error).message}`, {
    cause: error,
  });
