import './guard.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/sign-in.css';
import './styles/list.css';
import './styles/panel.css';
import './styles/popup.css';
import './i18n/i18n.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectBridge } from './bridge.ts';

connectBridge();
createRoot(document.getElementById('root')!).render(<App />);
