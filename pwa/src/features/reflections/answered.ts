import { dayOf } from '../../core/days';
import { question } from '../prompts/today.svelte';
import { reflections } from './reflections.svelte';

/** The day's question rests, too, where it was answered on another device. Read inside an effect. */
export function restIfAnswered(): void {
  const { prompt, day, isAnswered } = question;
  if (!prompt || isAnswered) return;
  for (const { prompt_id, written_at } of reflections.items) {
    // Newest first: what follows was written on earlier days.
    if (dayOf(new Date(written_at)) < day) return;
    if (prompt_id === prompt.id) return void question.rest(prompt.id).catch(() => undefined);
  }
}
