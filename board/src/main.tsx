/** Starts the board. */
import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
// With the rest, as a style that could not be fetched with its form is not asked for again.
import './styles/form.css';
import './styles/list.css';
import './styles/job.css';

const place = document.getElementById('board');
if (place) render(<App />, place);
