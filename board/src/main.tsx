/** Starts the board. */
import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/list.css';
import './styles/job.css';

const place = document.getElementById('board');
if (place) render(<App />, place);
