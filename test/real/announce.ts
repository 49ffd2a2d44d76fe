/** Says once, before the tests, why those on real recordings are skipped and how to get the data. */
export default function announce(): void {
  if (!process.env.WFDB) {
    console.log(
      'WFDB is not set: tests on real recordings are skipped. Download the MIT-BIH Arrhythmia Database from ' +
        'https://physionet.org/content/mitdb/1.0.0/ into DIR/mitdb and run: WFDB=DIR npm test',
    );
  }
}
