// A photo that is too large for us is made smaller before it leaves the device. Everything else goes as it is, and the
// server says what is wrong with it.
{
  const box = document.querySelector("input[type=file][data-most-bytes]");
  const words = document.querySelector("[data-photo]");
  const LONGEST = 2400; // pixels: small print stays readable
  let work = null;

  const smaller = async (file) => {
    // Upright as one sees it: what says how the phone was held is not written again.
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      const pixels = picture.width * picture.height;
      if (file.size <= Number(box.dataset.mostBytes) && pixels <= Number(box.dataset.mostPixels)) return null;
      words.textContent = words.dataset.photo;
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff"; // JPEG knows nothing transparent
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob(done, "image/jpeg", .85));
    } finally { picture.close(); }
  };

  const replace = async (file) => {
    try {
      const blob = await smaller(file);
      if (box.files[0] !== file) return; // another one was chosen meanwhile
      words.textContent = "";
      if (!blob) return;
      const chosen = new DataTransfer();
      chosen.items.add(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
      box.files = chosen.files;
      words.textContent = words.dataset.done.replace("%s", (blob.size / 1048576).toFixed(1));
    } catch { words.textContent = ""; /* no picture that this browser reads */ }
  };

  box?.addEventListener("change", () => {
    const file = box.files[0];
    words.textContent = "";
    const mine = work = file?.type.startsWith("image/") ? replace(file) : null;
    mine?.finally(() => { if (work === mine) work = null; });
  });
  // A button waits for the picture.
  box?.form.addEventListener("submit", async (event) => {
    if (!work) return;
    event.preventDefault();
    event.stopPropagation();
    await work;
    box.form.requestSubmit(event.submitter);
  });
}
