/** Script of the lessons page; the samples are embedded in the page. */
import '../style.css';
import './lessons.css';
import { watchTheme } from '../palette.ts';
import { type LessonFiles, startLessons } from './page.ts';

watchTheme();
void startLessons(JSON.parse(document.getElementById('lesson-files')!.textContent!) as LessonFiles);
