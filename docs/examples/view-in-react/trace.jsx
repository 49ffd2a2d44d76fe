import { useEffect, useRef } from 'react';
import { mountTrace } from 'upstroke/view';
import 'upstroke/view.css';

/** A trace over its dV/dt; mounted anew when the data change. `onTime` gets the time pressed on, in s. */
export function Trace({ samplingFrequency, leads, marks, onTime }) {
  const host = useRef(null);
  useEffect(() => {
    const trace = mountTrace(host.current, { samplingFrequency, leads, marks }, { onPress: onTime });
    trace.show(2, 6);
    return () => trace.destroy();
  }, [samplingFrequency, leads, marks, onTime]);
  return <div ref={host} />;
}
