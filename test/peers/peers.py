"""Reads and writes files with other people's software, as the tests ask: [[function, arguments], ...] in, results out."""
import json
import math
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def plain(values):
    """Numbers that JSON has; a value that is not there is None."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in np.asarray(values).tolist()]


def read_record(name, frames=False):
    import wfdb

    r = wfdb.rdrecord(name, physical=False, smooth_frames=not frames)
    signals = [plain(s) for s in r.e_d_signal] if frames else [plain(s) for s in r.d_signal.T]
    return {
        "signals": signals,
        "names": r.sig_name,
        "units": r.units,
        "gains": r.adc_gain,
        "baselines": r.baseline,
        "fs": r.fs,
        "length": r.sig_len,
        "comments": r.comments,
    }


def read_physical(name):
    import wfdb

    return [plain(s) for s in wfdb.rdrecord(name).p_signal.T]


def read_annotations(name, annotator):
    import wfdb

    a = wfdb.rdann(name, annotator)
    return {
        "sample": plain(a.sample),
        "symbol": list(a.symbol),
        "subtype": plain(a.subtype),
        "chan": plain(a.chan),
        "num": plain(a.num),
        "aux": list(a.aux_note),
    }


def write_record(name, fmt, signals, gain):
    import wfdb

    d = np.array(signals, dtype=np.int64).T
    count = d.shape[1]
    wfdb.wrsamp(
        name,
        fs=250,
        units=["mV"] * count,
        sig_name=[f"s{i}" for i in range(count)],
        d_signal=d,
        fmt=[fmt] * count,
        adc_gain=[gain] * count,
        baseline=[0] * count,
        comments=["made by wfdb-python"],
    )


def write_annotations(name, annotator, sample, symbol, aux):
    import wfdb

    wfdb.wrann(name, annotator, np.array(sample), symbol=symbol, aux_note=aux, fs=250)


def read_pyedflib(file):
    import pyedflib

    with pyedflib.EdfReader(file) as f:
        onsets, durations, texts = f.readAnnotations()
        return {
            "labels": f.getSignalLabels(),
            "units": [f.getPhysicalDimension(i) for i in range(f.signals_in_file)],
            "fs": plain(f.getSampleFrequencies()),
            "signals": [plain(f.readSignal(i)) for i in range(f.signals_in_file)],
            "annotations": [[float(o), str(t)] for o, t in zip(onsets, texts)],
            "start": f.getStartdatetime().isoformat(),
        }


def read_edfio(file):
    import edfio

    f = edfio.read_edf(file)
    return {
        "labels": list(f.labels),
        "units": [s.physical_dimension for s in f.signals],
        "fs": [s.sampling_frequency for s in f.signals],
        "signals": [plain(s.data) for s in f.signals],
        "annotations": [[a.onset, a.text] for a in f.annotations],
    }


def write_pyedflib(file, kind, signals, fs, annotations):
    import pyedflib

    types = {"EDF+": pyedflib.FILETYPE_EDFPLUS, "BDF+": pyedflib.FILETYPE_BDFPLUS, "EDF": pyedflib.FILETYPE_EDF}
    bits = 24 if kind == "BDF+" else 16
    with pyedflib.EdfWriter(file, len(signals), file_type=types[kind]) as f:
        for i in range(len(signals)):
            f.setSignalHeader(
                i,
                {
                    "label": f"s{i}",
                    "dimension": "uV",
                    "sample_frequency": fs,
                    "physical_min": -3276.8,
                    "physical_max": 3276.7,
                    "digital_min": -(2 ** (bits - 1)),
                    "digital_max": 2 ** (bits - 1) - 1,
                    "transducer": "",
                    "prefilter": "",
                },
            )
        f.writeSamples([np.array(s) for s in signals])
        for onset, text in annotations:
            f.writeAnnotation(onset, -1, text)


def write_edfio(file, signals, fs, annotations):
    import edfio

    edf = edfio.Edf(
        [edfio.EdfSignal(np.array(s), fs, label=f"s{i}", physical_dimension="uV", physical_range=(-3276.8, 3276.7)) for i, s in enumerate(signals)],
        annotations=[edfio.EdfAnnotation(o, None, t) for o, t in annotations],
    )
    edf.write(file)


def read_csv(file):
    import pandas as pd

    table = pd.read_csv(file)
    return {"columns": list(table.columns), "types": [str(t) for t in table.dtypes], "values": [plain(table[c]) for c in table]}


def variability(nn):
    """Time domain, fractal scaling and entropy of NN intervals in s, by NeuroKit2; ms there."""
    import neurokit2 as nk

    peaks = np.concatenate([[0], np.cumsum(np.array(nn))])
    found = nk.hrv_time(np.round(peaks * 1000).astype(int), sampling_rate=1000)
    ms = np.array(nn) * 1000
    alpha, _ = nk.fractal_dfa(ms, scale=np.arange(4, 17), overlap=False, multifractal=False)
    entropy, _ = nk.entropy_sample(ms, dimension=2, tolerance=0.2 * np.std(ms, ddof=1))
    poincare = nk.hrv_nonlinear(np.round(peaks * 1000).astype(int), sampling_rate=1000)
    names = ["HRV_MeanNN", "HRV_SDNN", "HRV_RMSSD", "HRV_pNN50", "HRV_SDANN5", "HRV_SDNNI5", "HRV_HTI"]
    values = {name: float(found[name].iloc[0]) for name in names}
    values.update({name: float(poincare[name].iloc[0]) for name in ["HRV_SD1", "HRV_SD2"]})
    return {**values, "alpha": float(alpha), "entropy": float(entropy)}


def artefacts(peaks, fs):
    """The artefacts that NeuroKit2 finds after Lipponen & Tarvainen, as numbers of beats."""
    import neurokit2 as nk

    info, _ = nk.signal_fixpeaks(np.array(peaks), sampling_rate=fs, iterative=False, method="Kubios")
    return {kind: [int(i) for i in info[kind]] for kind in ["ectopic", "missed", "extra", "longshort"]}


def delineation(voltage, peaks, fs):
    """Boundaries of each beat, sample indices, by NeuroKit2's discrete wavelet transform."""
    import neurokit2 as nk

    cleaned = nk.ecg_clean(np.array(voltage), sampling_rate=fs)
    _, waves = nk.ecg_delineate(cleaned, np.array(peaks), sampling_rate=fs, method="dwt")
    names = {"pOnset": "ECG_P_Onsets", "qrsOnset": "ECG_R_Onsets", "qrsOffset": "ECG_R_Offsets", "tOffset": "ECG_T_Offsets"}
    return {ours: plain(np.array(waves[theirs], dtype=float)) for ours, theirs in names.items()}


def lomb(time, value, frequency):
    """Unnormalised, by SciPy, after the least-squares line."""
    from scipy.signal import lombscargle

    t, x = np.array(time), np.array(value)
    return plain(lombscargle(t, x - np.polyval(np.polyfit(t, x, 1), t), 2 * np.pi * np.array(frequency)))


def welch(time, value, rate, segment):
    from scipy.signal import welch as density

    t = np.arange(time[0], time[-1], 1 / rate)
    f, p = density(np.interp(t, time, value), rate, "hann", segment, segment // 2, detrend="constant")
    return {"frequency": plain(f), "density": plain(p)}


def read_beats_pandas(folder):
    import pandas

    table = pandas.read_parquet(f"{folder}/beats").sort_values(["record", "lead", "beat"])
    return {
        "rows": len(table),
        "databases": sorted(table["database"].astype(str).unique()),
        "slopes": plain(table["upstroke_slope_mV_per_s"]),
    }


def read_beats_pyarrow(folder):
    import pyarrow.dataset

    table = pyarrow.dataset.dataset(f"{folder}/beats", partitioning="hive").to_table()
    table = table.sort_by([("record", "ascending"), ("lead", "ascending"), ("beat", "ascending")])
    about = json.loads(table.schema.metadata[b"upstroke"])
    return {
        "rows": table.num_rows,
        "databases": sorted(set(table["database"].to_pylist())),
        "slopes": table["upstroke_slope_mV_per_s"].to_pylist(),
        "types": {field.name: str(field.type) for field in table.schema},
        "settings": about["settings"],
        "units": {column["name"]: column["unit"] for column in about["columns"]},
    }


def read_beats_spark(folder):
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    try:
        table = spark.read.parquet(f"{folder}/beats")
        rows = table.orderBy("record", "lead", "beat").select("database", "upstroke_slope_mV_per_s").collect()
        return {
            "rows": table.count(),
            "databases": sorted({row[0] for row in rows}),
            "slopes": [row[1] for row in rows],
            "types": dict(table.dtypes),
        }
    finally:
        spark.stop()


def standardised(x, train):
    x = np.array(x, dtype=float)
    return (x - x[train].mean(axis=0)) / x[train].std(axis=0)


def penalised(penalty, rows):
    # Our penalty is l2/2 of the squared weights of both classes, which differ by the one weight here: half of each.
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=2 / (penalty * rows), solver="lbfgs", tol=1e-12, max_iter=10_000)


def logistic_regression(x, y, penalty):
    every = np.arange(len(y))
    z = standardised(x, every)
    model = penalised(penalty, len(y)).fit(z, y)
    return {
        "weights": plain(model.coef_[0]),
        "intercept": float(model.intercept_[0]),
        "risks": plain(model.predict_proba(z)[:, 1]),
    }


def risk_metrics(risks, y):
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score

    logit = np.log(np.array(risks) / (1 - np.array(risks)))[:, None]
    recalibrated = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(logit, y)
    return {
        "auroc": float(roc_auc_score(y, risks)),
        "brier": float(brier_score_loss(y, risks)),
        "intercept": float(recalibrated.intercept_[0]),
        "slope": float(recalibrated.coef_[0][0]),
    }


def nested_validation(x, y, penalties, outer, inner):
    from sklearn.metrics import log_loss

    y = np.array(y)

    def predict(train, test, penalty):
        z = standardised(x, train)
        return penalised(penalty, len(train)).fit(z[train], y[train]).predict_proba(z[test])[:, 1]

    risks, chosen = np.zeros(len(y)), []
    for test, folds in zip(outer, inner):
        train = np.setdiff1d(np.arange(len(y)), test)
        losses = []
        for penalty in penalties:
            for fold in folds:
                risks[fold] = predict(np.setdiff1d(train, fold), fold, penalty)
            losses.append(log_loss(y[train], risks[train]))
        chosen.append(penalties[int(np.argmin(losses))])
    for test, penalty in zip(outer, chosen):
        risks[test] = predict(np.setdiff1d(np.arange(len(y)), test), test, penalty)
    return {"penalties": chosen, "risks": plain(risks)}


def run(name, arguments):
    try:
        return {"value": globals()[name](**arguments)}
    except Exception as error:  # the test says which are expected
        return {"error": f"{type(error).__name__}: {error}"}


print(json.dumps([run(name, arguments) for name, arguments in json.load(sys.stdin)]))
