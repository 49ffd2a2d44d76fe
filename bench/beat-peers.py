"""Times other QRS detectors on a lead: FILE of float64 in mV, FREQUENCY, ROUNDS; the least processor time of each, ms, as JSON."""
import json
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")


def sleepecg(ecg, fs):
    import sleepecg

    return lambda: sleepecg.detect_heartbeats(ecg, fs, backend="c")


def neurokit2(ecg, fs):
    import neurokit2

    return lambda: neurokit2.ecg_peaks(neurokit2.ecg_clean(ecg, sampling_rate=fs), sampling_rate=fs)


ecg = np.fromfile(sys.argv[1])
fs = int(sys.argv[2])
fastest = {}
for prepare, rounds in ((sleepecg, int(sys.argv[3])), (neurokit2, 3)):
    try:
        detect = prepare(ecg, fs)
    except ImportError:
        continue
    times = []
    for _ in range(rounds):
        start = time.process_time()
        detect()
        times.append(1000 * (time.process_time() - start))
    fastest[prepare.__name__] = min(times)
print(json.dumps(fastest))
