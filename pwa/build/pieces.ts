import type { Plugin } from 'vite';

/** While one develops, `/_pieces` shows every piece in every state. Nothing of it is built into the app. */
export function pieces(): Plugin {
  return {
    name: 'alongside-pieces',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _answer, next) => {
        if (request.url === '/_pieces') request.url = '/pieces.html';
        next();
      });
    },
  };
}
