/** The panel that explains the class of a beat, and the names of the features. */
export const explanationTexts = {
  // Why.
  whyTitle: ['Why this class?', 'なぜこのクラスか'],
  classProbability: ['Class probability', 'クラスの確率'],
  voltageShaded: ['Voltage, shaded by ∂p({target})/∂V', '電圧(色は ∂p({target})/∂V)'],
  featureInfluence: ['∂p({target})/∂feature', '∂p({target})/∂特徴量'],
  reshape: ['Reshape the upstroke', '上行脚を変形'],
  shapeSlope: ['Slope', '勾配'],
  shapeWidth: ['QRS width', 'QRS 幅'],
  shapeAmplitude: ['Amplitude', '振幅'],
  reset: ['Reset', 'リセット'],
  noExplanation: [
    'This beat has no class to explain: it lies at the end of the record, or over invalid samples.',
    'この心拍には説明できるクラスがありません(記録の端または無効なサンプル)。',
  ],
  asRecorded: ['as recorded', '記録のまま'],
  reshaped: ['reshaped', '変形後'],
  whyWords: [
    'The model calls this beat {target} with probability {p}. The most influential features are {first} and {second}.',
    'モデルはこの心拍を確率 {p} で {target} と判定しました。最も影響が大きいのは{first}と{second}です。',
  ],
  whatIf: [
    'With slope × {slope}, width × {width} and amplitude × {amplitude} the probability of {target} changes from {before} to {after}.',
    '勾配 × {slope}、幅 × {width}、振幅 × {amplitude} にすると、{target} の確率は {before} から {after} になります。',
  ],
  featureMeaning: [
    'Value; change of p per standard deviation of the feature (hover for the derivative itself).',
    '値と、特徴量の 1 標準偏差あたりの p の変化(導関数そのものはポインターを重ねると表示)。',
  ],
  derivativeMeaning: [
    'Bars: the derivative itself; compare bars of one unit only.',
    '棒は導関数そのものです。同じ単位の棒どうしだけを比べてください。',
  ],
  allFeatures: ['All {count} features', '全 {count} 特徴量'],
  allFeaturesTitle: [
    'Show all {count} features or the strongest only',
    '全 {count} 特徴量、または影響の大きいものだけを表示',
  ],
  strongestOnly: ['The strongest {count} only', '影響の大きい {count} 個のみ'],
  handleHint: [
    'Drag the handles on the trace, or the sliders: top for amplitude, left for the upstroke, right for the width.',
    '波形上のハンドルまたはスライダーを動かしてください(上: 振幅、左: 上行脚、右: 幅)。',
  ],
  waveformTitle: ['Voltage of the beat, mV', '心拍の電圧 (mV)'],
  shadeBy: ['Shade by', '色分け'],
  shading_gradient: ['∂p({target})/∂V', '∂p({target})/∂V'],
  shading_smoothed: ['∂p({target})/∂V, smoothed', '∂p({target})/∂V(平滑化)'],
  shading_integrated: ['Integrated gradients, smoothed', '積分勾配(平滑化)'],
  shading_gradient_meaning: [
    'Orange: more voltage at this sample raises p({target}); blue: lowers it.',
    '橙: その標本の電圧が上がると p({target}) が上がる。青: 下がる。',
  ],
  shading_smoothed_meaning: [
    '∂p({target})/∂V averaged over about 8 ms, which is the detail that can be read on paper.',
    '∂p({target})/∂V を約 8 ms で平滑化したもの。紙の上で読み取れる細かさです。',
  ],
  shading_integrated_meaning: [
    'What each sample contributes to the log-odds of {target}, from the typical beat of the record to this one, averaged over about 16 ms: orange for, blue against. Their sum is {total}.',
    '典型拍からこの心拍までに各標本が {target} の対数オッズへ与えた寄与(約 16 ms で平滑化)。橙は支持、青は反対。合計は {total} です。',
  ],
  smallestChange: ['The smallest change that gives another class', '別のクラスになる最小の変化'],
  voltageChange: [
    'Voltage: the dotted waveform would be called {to}. It differs by {rms} µV root mean square, {most} µV at most, below 40 Hz.',
    '電圧: 点線の波形なら {to} と判定されます。差は実効値 {rms} µV、最大 {most} µV(40 Hz 以下)です。',
  ],
  noVoltageChange: [
    'Voltage: no change below 40 Hz and within 0.5 mV was found that gives another class.',
    '電圧: 40 Hz 以下、0.5 mV 以内の変化では別のクラスになりませんでした。',
  ],
  featureChange: [
    'Features: it would be called {to} with {changes}.',
    '特徴量: {changes} なら {to} と判定されます。',
  ],
  noFeatureChange: [
    'Features: no change of the six most influential ones, within five standard deviations, was found that gives another class.',
    '特徴量: 影響の大きい 6 つを標準偏差の 5 倍以内で変えても別のクラスになりませんでした。',
  ],
  oddsSaid: [
    'Log-odds of {target}: {odds}; {typical} for the typical beat of the record in its place. The contributions of the samples sum to the difference within {error} %.',
    '{target} の対数オッズ: {odds}(典型拍に置き換えると {typical})。各標本の寄与の合計は、その差と {error} % 以内で一致します。',
  ],
  kinksSaid: [
    'Not differentiable here, because samples tie or a maximum is about to move to another sample: {features}. ∂p/∂V is then one of several.',
    'ここでは微分できない特徴量があります(同じ値の標本、または最大の標本が入れ替わる境目): {features}。∂p/∂V はいくつかある値の一つです。',
  ],
  measuredTitle: ['{value}; typical beat {typical}', '{value}(典型拍 {typical})'],
  // Notes on the classes of a record; the English is the library's.
  notesTitle: ['About the classes of this record', 'この記録のクラスについて'],
  note_lead: [
    'the model is made for lead {rule}, not for {lead}',
    'モデルは誘導 {rule} 用で、{lead} 用ではありません',
  ],
  note_bounds: [
    'classes are relative to the typical beat of the record, and no onset and offset of a QRS complex are found in it',
    'クラスは記録の典型拍を基準にしていますが、典型拍に QRS 波の始点と終点が見つかりません',
  ],
  note_wideFast: [
    'classes are relative to the typical beat of the record, whose QRS complex is wide ({ms} ms) at {rate} a minute: it may itself be ventricular, and beats like it are called N even then',
    'クラスは記録の典型拍を基準にしています。典型拍の QRS 幅は広く({ms} ms)、毎分 {rate} 拍です。典型拍そのものが心室性の可能性があり、その場合も似た心拍は N と判定されます',
  ],
  note_wide: [
    'classes are relative to the typical beat of the record, whose QRS complex is wide ({ms} ms), as in bundle branch block, a paced or a ventricular rhythm: beats like it are called N in each of them',
    'クラスは記録の典型拍を基準にしています。典型拍の QRS 幅は広く({ms} ms)、脚ブロック、ペーシング、心室調律のいずれかが考えられます。どの場合も似た心拍は N と判定されます',
  ],
  note_unlike: [
    'the beats are unlike those that the model was trained on ({count} standard deviations from their mean), as are noise and artefacts',
    '心拍が学習に使われたものと異なります(平均から標準偏差の {count} 倍)。雑音やアーチファクトでもそうなります',
  ],
  note_frequency: [
    'the classes were not checked below {least} Hz (the model was trained at {trained} Hz, the record has {hz} Hz)',
    '{least} Hz 未満ではクラスの判定を確かめていません(学習は {trained} Hz、この記録は {hz} Hz)',
  ],
  computing: ['Integrated gradients and smallest change', '積分勾配と最小の変化を計算中'],
  computeReasons: ['Compute integrated gradients and smallest change', '積分勾配と最小の変化を計算'],
} as const;
