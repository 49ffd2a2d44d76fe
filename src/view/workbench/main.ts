/** The script of the workbench page. */
import './workbench.css';
import { chooseTheme, watchTheme } from '../palette.ts';
import { setLanguage } from '../translations.ts';
import { startApp } from './app.ts';
import { keptLanguage, keptTheme } from './header-buttons.ts';
import { parseAddress } from './settings.ts';

watchTheme();
chooseTheme(keptTheme());
setLanguage(keptLanguage());
document.documentElement.lang = keptLanguage();
startApp(document.getElementById('workbench')!, parseAddress(location.hash));

// For offline use; the page works without it.
if ('serviceWorker' in navigator && isSecureContext) {
  navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}
