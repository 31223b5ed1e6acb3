import { contextBridge, ipcRenderer } from 'electron';

// A port does not pass through contextBridge, so it is posted to the page.
ipcRenderer.on('zuoxi:port', (event, message: { readonly name: string }) => {
  window.postMessage({ type: 'zuoxi:port', name: message.name }, location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('zuoxi', {
  requestPorts: (): void => ipcRenderer.send('zuoxi:request-ports'),
});
