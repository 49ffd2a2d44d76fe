"""The work of `batch --measure slopes` with other packages: FOLDER of records, OUT folder, names of records.

Two pipelines, each from the files to a Parquet file with a row a beat and lead. `sleepecg`: wfdb-python reads, sleepecg's
detector in C on the first lead, dV/dt by SciPy's Savitzky-Golay filter over the whole lead, steepest rise and fall within
a fixed window around the R peak; no QRS onset or offset and no quality. `neurokit2`: wfdb-python reads, and on each lead
NeuroKit2 cleans, finds R peaks (on the first), delineates by wavelets and rates the quality; slopes as before.
Prints the time on the processor of each, s, as JSON."""
import json
import os
import sys
import time
import warnings

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import wfdb
from scipy.signal import savgol_filter

warnings.simplefilter("ignore")


def slopes(voltage, peaks, fs):
    """Steepest rise and fall, mV/s, from 80 ms before to 120 ms after each peak."""
    derivative = savgol_filter(voltage, 7, 4, deriv=1, delta=1 / fs)
    before, after = round(0.08 * fs), round(0.12 * fs)
    around = np.clip(peaks[:, None] + np.arange(-before, after + 1), 0, len(voltage) - 1)
    windows = derivative[around]
    return windows.max(axis=1), windows.min(axis=1)


def sleepecg_beats(voltage, fs):
    import sleepecg

    return np.asarray(sleepecg.detect_heartbeats(voltage, fs, backend="c"))


def neurokit_beats(voltage, fs):
    import neurokit2

    return neurokit2.ecg_peaks(neurokit2.ecg_clean(voltage, sampling_rate=fs), sampling_rate=fs)[1]["ECG_R_Peaks"]


def neurokit_columns(voltage, peaks, fs):
    import neurokit2

    clean = neurokit2.ecg_clean(voltage, sampling_rate=fs)
    _, waves = neurokit2.ecg_delineate(clean, peaks, sampling_rate=fs, method="dwt")
    quality = neurokit2.ecg_quality(clean, peaks, sampling_rate=fs, method="averageQRS")
    fit = lambda values: np.resize(np.asarray(values, dtype=float), len(peaks))
    return {
        "qrs_onset": fit(waves["ECG_R_Onsets"]),
        "qrs_offset": fit(waves["ECG_R_Offsets"]),
        "quality": np.asarray(quality)[peaks],
    }


pipelines = {
    "sleepecg": (sleepecg_beats, lambda voltage, peaks, fs: {}),
    "neurokit2": (neurokit_beats, neurokit_columns),
}

folder, out, *names = sys.argv[1:]
seconds = {}
for name, (detect, columns) in pipelines.items():
    try:
        detect(wfdb.rdsamp(f"{folder}/{names[0]}", sampto=3600)[0][:, 0], 360)
    except ImportError:
        continue
    began = time.process_time()
    for record in names:
        signals, fields = wfdb.rdsamp(f"{folder}/{record}")
        fs = int(fields["fs"])
        peaks = detect(signals[:, 0].copy(), fs)
        tables = []
        for lead, voltage in zip(fields["sig_name"], signals.T.copy()):
            rise, fall = slopes(voltage, peaks, fs)
            values = {"sample": peaks, "upstroke": rise, "downstroke": fall, **columns(voltage, peaks, fs)}
            tables.append(pa.table({"record": [record] * len(peaks), "lead": [lead] * len(peaks), **values}))
        pq.write_table(pa.concat_tables(tables), os.path.join(out, f"{name}-{record}.parquet"))
    seconds[name] = time.process_time() - began
print(json.dumps(seconds))
