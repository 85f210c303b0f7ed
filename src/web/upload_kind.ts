/**
 * Which of the seed's uploads takes a file, and the form that it takes.
 *
 * @module
 */

export type UploadKind = "image" | "audio" | "video" | "file";

const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/** The kind of a file by the browser's word for its type; the server looks. */
export function uploadKind(type: string): UploadKind {
  if (IMAGES.includes(type)) return "image";
  if (type.startsWith("audio/")) return "audio";
  return type.startsWith("video/") ? "video" : "file";
}

/**
 * Puts a file into a form. Its name has a field of its own, since not every
 * name comes through whole as the name of a part.
 */
export function uploadForm(kind: UploadKind, file: File): FormData {
  const form = new FormData();
  form.append("file_name", file.name);
  form.append(kind, file, file.name);
  return form;
}
