/** The names of the features, and a sentence on each. */
import { featureMeanings as english, rhythmMeanings } from '../../beat/features/feature-meanings.ts';

export const featureTexts = {
  feature_upstroke: ['steepest upstroke', '最大上行勾配'],
  feature_downstroke: ['steepest downstroke', '最大下行勾配'],
  feature_upstrokePerAmplitude: ['upstroke per amplitude', '振幅あたりの上行勾配'],
  feature_downstrokePerAmplitude: ['downstroke per amplitude', '振幅あたりの下行勾配'],
  feature_slopeRmsPerAmplitude: ['RMS slope per amplitude', '振幅あたりの勾配の RMS'],
  feature_slopeWidth: ['duration of steep slope', '急峻な勾配の持続時間'],
  feature_earlySlopeShare: ['slope early in the QRS complex', 'QRS 前半の勾配の割合'],
  feature_lateSlopeShare: ['slope late in the QRS complex', 'QRS 後半の勾配の割合'],
  feature_area: ['QRS area per amplitude', '振幅あたりの QRS 面積'],
  feature_logArea: ['log QRS area', 'QRS 面積(対数)'],
  feature_slopeCorrelation: ['correlation of dV/dt with the typical beat', '典型拍との dV/dt の相関'],
  feature_slopeResidual: ['residual of dV/dt against the typical beat', '典型拍との dV/dt の残差'],
  feature_slopeGain: ['size of dV/dt relative to the typical beat', '典型拍に対する dV/dt の大きさ'],
  feature_pWaveCorrelation: ['correlation of the P wave with the typical beat', '典型拍との P 波の相関'],
  feature_pWaveRise: ['steepest rise of the P wave', 'P 波の最大上行勾配'],
  feature_pWaveFall: ['steepest fall of the P wave', 'P 波の最大下行勾配'],
  feature_pWaveHeight: ['P wave height', 'P 波の高さ'],
  feature_stLevel: ['ST level', 'ST レベル'],
  feature_tWaveFall: ['steepest fall of the T wave', 'T 波の最大下行勾配'],
  feature_rrBeforeToRecordMean: ['RR before, relative to the record’s mean', '直前 RR(記録平均比)'],
  feature_rrBeforeToRecordLong: ['RR before, relative to the record’s long RR', '直前 RR(長い RR 比)'],
  feature_rrBeforeToLocalMean: ['RR before, relative to the RR around', '直前 RR(前後の平均比)'],
  feature_rrAfterToBefore: ['RR after, relative to RR before', '直後 RR と直前 RR の比'],
  feature_rrIrregularity: ['irregularity of RR', 'RR の不規則性'],
  feature_rrChange: ['change of RR', 'RR の変化'],
  feature_rrChangeLeastLag: [
    'least change of RR over one to three intervals',
    '1 ~ 3 間隔での RR の最小の変化',
  ],
  feature_rrRegularShare: ['share of regular RR', '規則的な RR の割合'],
  feature_pWaveConsistency: ['consistency of the P waves', 'P 波の一貫性'],
  feature_flutterPeriodicity: ['periodicity of flutter waves', '粗動波の周期性'],
  feature_voltageBefore: ['voltage {ms} ms before R', 'R の {ms} ms 前の電圧'],
  feature_voltageAfter: ['voltage {ms} ms after R', 'R の {ms} ms 後の電圧'],
  feature_deviationBefore: [
    'deviation from the typical beat {ms} ms before R',
    'R の {ms} ms 前の典型拍との差',
  ],
  feature_deviationAfter: [
    'deviation from the typical beat {ms} ms after R',
    'R の {ms} ms 後の典型拍との差',
  ],
  meaning_upstroke: [
    english.upstroke,
    'QRS 波の最大の上行勾配(mV/s)。典型拍との比の自然対数: 0 は典型的、0.69 は 2 倍。',
  ],
  meaning_downstroke: [
    english.downstroke,
    'QRS 波の最大の下行勾配(mV/s)。典型拍との比の自然対数: 0 は典型的、0.69 は 2 倍。',
  ],
  meaning_upstrokePerAmplitude: [
    english.upstrokePerAmplitude,
    '最大の上行勾配を QRS 波の最大最小の差で割ったもの(1/s)。大きいだけの心拍は急とされない。典型拍との比の自然対数。',
  ],
  meaning_downstrokePerAmplitude: [
    english.downstrokePerAmplitude,
    '最大の下行勾配を QRS 波の最大最小の差で割ったもの(1/s)。典型拍との比の自然対数。',
  ],
  meaning_slopeRmsPerAmplitude: [
    english.slopeRmsPerAmplitude,
    'QRS 波の dV/dt の実効値を最大最小の差で割ったもの(1/s)。典型拍との比の自然対数。',
  ],
  meaning_slopeWidth: [
    english.slopeWidth,
    '急な勾配が続く時間: (dV/dt)² の時間の標準偏差(s)。典型拍との比の自然対数。幅の広い波で大きい。',
  ],
  meaning_earlySlopeShare: [
    english.earlySlopeShare,
    'QRS 波の始め(R の 110 ~ 60 ms 前)の勾配の実効値を全体の実効値で割り、典型拍の値を引いたもの。波が早く始まると大きい。',
  ],
  meaning_lateSlopeShare: [
    english.lateSlopeShare,
    'QRS 波の終わり(R の 25 ~ 60 ms 後)の勾配の実効値を全体の実効値で割り、典型拍の値を引いたもの。波が遅く終わると大きい。',
  ],
  meaning_area: [
    english.area,
    'QRS 波の等電位からの平均の隔たりを最大最小の差で割ったもの。典型拍との比の自然対数。幅の広い波で大きい。',
  ],
  meaning_logArea: [english.logArea, '同じ面積の自然対数。典型拍を基準にしない。'],
  meaning_slopeCorrelation: [
    english.slopeCorrelation,
    'QRS 波の dV/dt と典型拍の dV/dt の相関: 1 は同じ形、−1 は鏡像。',
  ],
  meaning_slopeResidual: [
    english.slopeResidual,
    '典型拍との dV/dt の差の実効値を典型拍の実効値で割り、3 % を加えたものの自然対数。似た心拍ほど小さい。',
  ],
  meaning_slopeGain: [
    english.slopeGain,
    '典型拍の dV/dt に掛けるとこの心拍に最もよく合う倍率(最小二乗): 1 は同じ大きさと向き。',
  ],
  meaning_pWaveCorrelation: [
    english.pWaveCorrelation,
    'P 波の区間(R の 240 ~ 80 ms 前)の dV/dt と典型拍の相関。P 波がないか形が違うと低い。',
  ],
  meaning_pWaveRise: [english.pWaveRise, 'P 波の区間の最大の上行勾配。典型拍の QRS 波の勾配の実効値との比。'],
  meaning_pWaveFall: [english.pWaveFall, 'P 波の区間の最大の下行勾配。典型拍の QRS 波の勾配の実効値との比。'],
  meaning_pWaveHeight: [
    english.pWaveHeight,
    '始点と終点を結ぶ線からの P 波の高さ。典型拍の QRS 波の振幅を単位とし、典型拍の値を引いたもの。',
  ],
  meaning_stLevel: [
    english.stLevel,
    'R の 90 ~ 140 ms 後の平均電圧と等電位の差。典型拍の QRS 波の振幅を単位とし、典型拍の値を引いたもの。',
  ],
  meaning_tWaveFall: [
    english.tWaveFall,
    'T 波の区間の最大の下行勾配。典型拍の QRS 波の勾配の実効値との比から、典型拍の値を引いたもの。',
  ],
  meaning_rrBeforeToRecordMean: [
    english.rrBeforeToRecordMean,
    '直前の RR と記録の平均 RR の比の自然対数。早期の心拍では負。',
  ],
  meaning_rrBeforeToRecordLong: [
    english.rrBeforeToRecordLong,
    '直前の RR と記録の 90 パーセンタイルの比の自然対数。早期の心拍が多くても、早期の心拍では負。',
  ],
  meaning_rrBeforeToLocalMean: [
    english.rrBeforeToLocalMean,
    '直前の RR とその前後を含む 11 個の RR の平均の比の自然対数。',
  ],
  meaning_rrAfterToBefore: [
    english.rrAfterToBefore,
    '直後の RR と直前の RR の比の自然対数。早期の心拍のあとに休止があると正。',
  ],
  meaning_rrIrregularity: [
    english.rrIrregularity,
    '周囲の連続する RR の変化の中央値の自然対数。規則的な調律で小さく、心房細動で大きい。',
  ],
  meaning_rrChange: [rhythmMeanings.rrChange, '前後 20 拍ずつの連続する RR の変化の中央値の自然対数。'],
  meaning_rrChangeLeastLag: [
    rhythmMeanings.rrChangeLeastLag,
    '1、2、3 間隔での変化のうち最小のもの。二段脈で小さく、心房細動で大きい。',
  ],
  meaning_rrRegularShare: [
    rhythmMeanings.rrRegularShare,
    '周囲の連続する RR の変化のうち 3 % 未満のものの割合。',
  ],
  meaning_pWaveConsistency: [
    rhythmMeanings.pWaveConsistency,
    '周囲の QRS 波の前の dV/dt どうしの相関の平均。P 波が一定なら 1 に近く、心房細動で 0 に近い。',
  ],
  meaning_flutterPeriodicity: [
    rhythmMeanings.flutterPeriodicity,
    'QRS 波の間の信号の、粗動波の頻度(毎分 220 ~ 350)での自己相関の最大値。',
  ],
} as const;
