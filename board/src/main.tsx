/** Starts the board. */
import { render } from 'preact';
import { App } from './app.tsx';
import './board.css';

const place = document.getElementById('board');
if (place) render(<App />, place);
