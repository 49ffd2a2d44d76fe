/** The lessons page's own script: the samples are in the page. */
import '../style.css';
import './lessons.css';
import { watchTheme } from '../palette.ts';
import { type LessonFiles, startLessons } from './page.ts';

watchTheme();
void startLessons(JSON.parse(document.getElementById('lesson-files')!.textContent!) as LessonFiles);
