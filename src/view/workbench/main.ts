/** The page's own script. */
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

// For when there is no network later; without it the page works all the same.
if ('serviceWorker' in navigator && isSecureContext) {
  navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}
