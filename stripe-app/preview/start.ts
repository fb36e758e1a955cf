// Last of the three scripts of the frame: by now the host lends its modules and the extension is there.
void (globalThis as unknown as { startPreview: () => Promise<void> }).startPreview();
