/** The training panel. */
export const trainingTexts = {
  learnTitle: ['Train on the beats labelled here', 'この記録の注釈で学習'],
  learnRows: [
    '{count} labelled beats: {classes}. {confirmed} of them are confirmed; the last {held} % in time validate.',
    '注釈付き心拍 {count} 拍: {classes}。うち確認済み {confirmed} 拍。時間順の最後の {held} % で検証します。',
  ],
  samePatient: [
    'Training and validation are of one patient: this says nothing of others.',
    '学習と検証は同じ患者のデータです。他の患者での性能を示すものではありません。',
  ],
  optimizer: ['Optimiser', '最適化手法'],
  learningRate: ['Learning rate', '学習率'],
  epochs: ['Epochs', 'エポック数'],
  hiddenUnits: ['Hidden units', '隠れユニット数'],
  startTraining: ['Train', '学習開始'],
  pause: ['Pause', '一時停止'],
  resume: ['Resume', '再開'],
  loss: ['Loss', '損失'],
  trainingLoss: ['training', '学習'],
  validationLoss: ['validation', '検証'],
  epoch: ['epoch', 'エポック'],
  epochOf: [
    'Epoch {epoch} of {epochs}: loss {loss}, validation {validation}',
    'エポック {epoch} / {epochs}: 損失 {loss}、検証 {validation}',
  ],
  // The verdicts on a training, which the library states in English, by kind.
  verdict_diverged: [
    'Diverged: loss {first} → {last}',
    '発散: 損失が {first} から {last} になりました。学習率を下げてください。',
  ],
  verdict_stopped: [
    'Stopped: loss {first} → {last}',
    '停止: 学習が途中で終わりました(損失 {first} → {last})。',
  ],
  verdict_saddle: [
    'Saddle point: loss {first} → {last}',
    '鞍点: ユニットの重みが同じままで分かれません(損失 {first} → {last})。初期値を乱数にしてください。',
  ],
  verdict_converged: [
    'Converged: loss {first} → {last}',
    '収束: 損失が {first} から {last} に下がり、収束しました。',
  ],
  verdict_overfitting: [
    'Overfitting: loss {first} → {last}',
    '過学習: 学習損失は {first} から {last} に下がりましたが、検証損失が上がっています。',
  ],
  verdict_oscillating: [
    'Oscillating: loss {first} → {last}',
    '振動: 損失が上下しています({first} → {last})。学習率を 3 分の 1 にしてみてください。',
  ],
  verdict_plateau: [
    'Plateau: loss {first} → {last}',
    '停滞: 損失が {first} から {last} になったまま下がりません。',
  ],
  verdict_improving: [
    'Still improving: loss {first} → {last}',
    '改善中: 損失が {first} から {last} に下がり、まだ下がる見込みがあります。',
  ],
  verdict_stalled: [
    'Stalled: loss {first} → {last}',
    '停止状態: 損失が {first} から {last} とほとんど変わりません。学習率を上げるか、勾配の上限(clipNorm)を大きくしてください。',
  ],
  'verdict_dead-units': [
    'Dead units: loss {first} → {last}',
    '不活性ユニット: ある層の全ユニットがどの心拍にも同じ値を出すため、勾配が伝わりません(損失 {first} → {last})。別の初期値と小さい学習率でやり直してください。',
  ],
  'verdict_vanishing-gradient': [
    'Vanishing gradient: loss {first} → {last}',
    '勾配消失: 勾配がほぼ 0 になり、学習が進みません(損失 {first} → {last})。層を減らすか、relu を使うか、重みの初期値を大きくしてください。',
  ],
  'verdict_chance-level': [
    'At chance level: loss {first} → {last}',
    '偶然の水準: 損失({first} → {last})が定数予測と変わりません。特徴量とラベルを確認してください。',
  ],
  'verdict_one-class': [
    'One class: loss {first} → {last}',
    '1 クラスのみ: すべての心拍が同じクラスで、区別するものがありません(損失 {first} → {last})。他のクラスの心拍に注釈を付けてください。',
  ],
  'verdict_constant-target': [
    'Constant target: loss {first} → {last}',
    '目的変数が一定: すべての行で値が同じため、予測するものがありません(損失 {first} → {last})。目的変数を確認してください。',
  ],
  verdict_outlier: [
    'Outlier: loss {first} → {last}',
    '外れ値: 1 行だけで目的変数の分散の大半を占め、他の行がほとんど影響しません(損失 {first} → {last})。その行を確認し、正しい値なら対数を予測するか、その行を除いてください。',
  ],
  verdict_unbounded: [
    'Unbounded: loss {first} → {last}',
    '下限なし: 損失が {first} から {last} へ 0 を下回って下がり続け、パラメーターが増大しています。この損失には最小値がないようです。損失を見直すか、l2 を加えてください。',
  ],
  verdict_imbalanced: [
    'Imbalanced: loss {first} → {last}',
    'クラスの不均衡: 少数クラスと予測される心拍がありません(損失 {first} → {last})。少数クラスの重みを大きくしてください。',
  ],
  notEnough: [
    'Training needs at least 20 labelled beats of two classes.',
    '学習には 2 クラス以上、20 拍以上の注釈が必要です。',
  ],
  compareOptimizers: ['Compare optimisers', '最適化手法を比べる'],
  comparisonProgress: ['Share of the comparison done', '比較の進み具合'],
  surfaceTitle: ['Loss surface', '損失の地形'],
  surfaceHint: [
    '{optimizers}: each trains from the same start at the learning rate and for the epochs above (at most 60). The picture is the plane of the first two principal components of their paths.',
    '{optimizers} を、同じ初期値から上の学習率とエポック数(最大 60)で学習させます。図は経路の第 1・第 2 主成分の平面です。',
  ],
  surfaceLabel: [
    'Training loss over the plane of the paths; the darker, the lower. Each path starts at the open circle.',
    '経路の平面上の学習損失。色が濃いほど損失が小さい。各経路は白丸から始まります。',
  ],
  surfaceWords: [
    'The stronger the colour, the lower the training loss (logarithmic bands). Open circle: start; full circle: end. {share} of the paths lie in this plane.',
    '色が濃いほど学習損失が小さくなります(対数の等高帯)。白丸が出発点、塗りつぶしが終点です。経路の変動の {share} がこの平面に含まれます。',
  ],
  pathLoss: ['{optimizer}: loss {before} → {after}', '{optimizer}: 損失 {before} → {after}'],
  pathCut: [
    '{optimizer}: leaves the picture, its loss grew to more than three times {before}',
    '{optimizer}: 損失が {before} の 3 倍を超え、図の外へ出ました',
  ],
  nextBeatTitle: ['Which beat to label next', '次に注釈を付ける心拍'],
  nextBeatGo: ['Go to this beat', 'この心拍へ移動'],
  nextBeatUncertain: [
    'The beat at {time} s: the model proposes {class} with probability {p}, the least certain of the unconfirmed beats. A letter labels it, Enter accepts.',
    '{time} 秒の心拍: モデルの提案は {class}(確率 {p})で、未確認の心拍のうち最も不確かです。文字キーで注釈を付け、Enter で承認します。',
  ],
  nextBeatContradicted: [
    'All proposals are confirmed. The beat at {time} s is labelled {symbol}; the model calls it {class} with probability {p}.',
    '未確認の心拍はありません。{time} 秒の心拍の注釈は {symbol} ですが、モデルは確率 {p} で {class} と判定します。',
  ],
  nextBeatNone: [
    'No beat is unconfirmed, and the model agrees with every label.',
    '未確認の心拍はなく、モデルはすべての注釈と一致しています。',
  ],
  useThisModel: ['Use this model', 'このモデルを使う'],
  modelUsed: ['The trained model now classifies this recording', '学習したモデルで分類しました'],
} as const;
