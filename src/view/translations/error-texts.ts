/** What went wrong with a file or an input, and what to do; `{message}` is the library's own message, in English. */
import type { WfdbErrorCode } from '../../wfdb/errors.ts';

type FaultName = `fault_${WfdbErrorCode | 'input' | 'other'}`;

const faults = {
  'fault_not-found': [
    '{message}. Choose that file together with the others.',
    'ファイルが見つかりません。必要なファイルをすべて一緒に選択してください。(詳細: {message})',
  ],
  'fault_not-writable': [
    '{message}. Check that the folder may be written to.',
    'ファイルに書き込めません。フォルダーの書き込み権限を確認してください。(詳細: {message})',
  ],
  fault_outside: [
    '{message}. A header may only name files in its own folder.',
    'ヘッダーがフォルダー外のファイルを指定しています。同じフォルダー内のファイル名に直してください。(詳細: {message})',
  ],
  fault_syntax: [
    '{message}. Correct the file, or get it again from its source.',
    'ファイルの書式が正しくありません。修正するか、もう一度入手してください。(詳細: {message})',
  ],
  fault_unsupported: [
    '{message}. Convert the recording to another format, such as WFDB format 16 or EDF.',
    'この形式には対応していません。WFDB(format 16 など)か EDF に変換してください。(詳細: {message})',
  ],
  fault_truncated: [
    '{message}. The file is incomplete: copy or download it again.',
    'ファイルが途中で切れています。もう一度コピーするかダウンロードしてください。(詳細: {message})',
  ],
  fault_checksum: [
    '{message}. The samples are damaged: copy or download the file again.',
    'データが破損しています。もう一度コピーするかダウンロードしてください。(詳細: {message})',
  ],
  fault_inconsistent: [
    '{message}. Check that all files are of the same recording.',
    '内容に矛盾があります。すべてのファイルが同じ記録のものか確認してください。(詳細: {message})',
  ],
  'fault_too-large': [
    '{message}. Divide the recording into shorter ones.',
    'データが大きすぎます。記録を短く分割してください。(詳細: {message})',
  ],
  fault_network: [
    '{message}. Check the connection and the address, and try again.',
    '通信に失敗しました。接続とアドレスを確認して、もう一度お試しください。(詳細: {message})',
  ],
  fault_input: ['{message}', 'この内容では処理できません。(詳細: {message})'],
  fault_other: ['{message}', '予期しないエラーが発生しました。(詳細: {message})'],
} as const satisfies Record<FaultName, readonly [en: string, ja: string]>;

export const errorTexts = {
  ...faults,
  fault_omitted: ['{message}', '一部を読み取っていません。(詳細: {message})'],
  fileFaults: [
    'The files have faults ({count}); what can be read is shown.',
    'ファイルに問題があります({count} 件)。読み取れる部分を表示しています。',
  ],
  moreFaults: ['{count} more', 'ほか {count} 件'],
  samplesMissing: [
    '{file} is cut off: {count} samples a lead are missing, from {time} on, and are shown as a gap. Copy or download the file again.',
    '{file} が途中で切れています。{time} 以降、各誘導 {count} 標本が失われ、空白として表示しています。もう一度コピーするかダウンロードしてください。',
  ],
  leadFileMissing: [
    '{file} is missing: {leads} is shown as a gap. Choose that file together with the others.',
    '{file} がありません。{leads} は空白として表示しています。他のファイルと一緒に選択してください。',
  ],
  beatsInstead: ['The beats shown were detected in the signal.', '表示中の心拍は信号から検出したものです。'],
  noReadableMarks: [
    'None of its marks can be read; the beats shown were detected in the signal.',
    '読み取れる注釈はありません。表示中の心拍は信号から検出したものです。',
  ],
  useReadableMarks: ['Use the {count} readable marks of {name}', '{name} の読み取れる注釈 {count} 件を使う'],
  gainAssumed: ['gain of {leads} assumed', '{leads} のゲインは仮定'],
  unitsAssumed: ['unit {units} of {leads} assumed', '{leads} の単位は {units} と仮定'],
  notStored: [
    'The edits cannot be kept in this browser: {reason}. Save them as a file.',
    '編集内容をこのブラウザーに保存できません。ファイルに保存してください。(詳細: {reason})',
  ],
  alreadyExists: [
    '{file} already exists: choose another annotator name',
    '{file} は既に存在します。別の注釈者名を指定してください。',
  ],
  invalidUrl: [
    '“{url}” is not the address of a recording: it begins with http:// or https:// and ends with the name of a file or record.',
    '「{url}」は記録のアドレスではありません。http:// または https:// で始まり、ファイル名か記録名で終わるアドレスを入力してください。',
  ],
} as const;
