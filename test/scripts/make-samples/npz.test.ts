import { describe, expect, test } from 'vitest';
import { readNpzUint16 } from '../../../scripts/make-samples/npz.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

// Written by NumPy 2.4:
// np.savez_compressed(file, other=np.zeros(2), ecg=np.array([0, 1, 975, 65535], '<u2'))
const deflated = bytesOf(
  'UEsDBC0AAAAIAAAAIQBumbIo//////////8JABQAb3RoZXIubnB5AQAQAJAAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ah' +
    'rqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBjQAAFBLAwQtAAAACAAAACEAy4pcnf//////////BwAUAGVjZy5ucHkB' +
    'ABAAiAAAAAAAAABNAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG5TaqSuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6mjoKtQoU' +
    'AC4GBkaG88z//wMAUEsBAi0DLQAAAAgAAAAhAG6ZsihHAAAAkAAAAAkAAAAAAAAAAAAAAIABAAAAAG90aGVyLm5weVBLAQItAy0AAAAIAAAAIQDL' +
    'ilydTQAAAIgAAAAHAAAAAAAAAAAAAACAAYIAAABlY2cubnB5UEsFBgAAAAACAAIAbAAAAAgBAAAAAA==',
);
// np.savez(file, ecg=np.array([7, 8, 9], '<u2'))
const stored = bytesOf(
  'UEsDBC0AAAAAAAAAIQCkITro//////////8HABQAZWNnLm5weQEAEACGAAAAAAAAAIYAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAn' +
    'PHUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHAAgACQBQSwECLQMtAAAAAAAAACEApCE66IYAAACGAAAABwAAAAAAAAAAAAAAgAEA' +
    'AAAAZWNnLm5weVBLBQYAAAAAAQABADUAAAC/AAAAAAA=',
);

describe('an .npz archive as NumPy writes it', () => {
  test('deflated and stored arrays read back', () => {
    expect(Array.from(readNpzUint16(deflated, 'ecg', 'a.npz'))).toEqual([0, 1, 975, 65535]);
    expect(Array.from(readNpzUint16(stored, 'ecg', 'a.npz'))).toEqual([7, 8, 9]);
  });

  test('a view into a larger buffer reads the same', () => {
    const padded = new Uint8Array(stored.length + 7);
    padded.set(stored, 7);
    expect(Array.from(readNpzUint16(padded.subarray(7), 'ecg', 'a.npz'))).toEqual([7, 8, 9]);
  });

  test('a name that is not there is an error that lists what is', () => {
    expect(() => readNpzUint16(deflated, 'ppg', 'a.npz')).toThrow(/a\.npz.*ppg\.npy.*other\.npy, ecg\.npy/);
  });

  test('an array of another type is refused', () => {
    expect(() => readNpzUint16(deflated, 'other', 'a.npz')).toThrow(/<u2.*<f8/);
  });
});

describe('a damaged archive', () => {
  const attempt = (bytes: Uint8Array): 'read' | 'refused' => {
    try {
      const values = Array.from(readNpzUint16(bytes, 'ecg', 'a.npz'));
      return values.join() === '0,1,975,65535' ? 'read' : expect.fail(`misread as ${values}`);
    } catch (error) {
      expect(error).toBeInstanceOf(WfdbError);
      return 'refused';
    }
  };

  test('cut anywhere is refused', () => {
    for (let length = 0; length < deflated.length; length++) {
      expect(attempt(deflated.subarray(0, length))).toBe('refused');
    }
  });

  test('with any byte changed gives the right numbers or a refusal, never others', () => {
    let refused = 0;
    for (let at = 0; at < deflated.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = deflated.slice();
        damaged[at]! ^= flip;
        if (attempt(damaged) === 'refused') refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});
