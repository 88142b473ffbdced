import activity from './activity.json';
import cohorts from './cohorts.json';
import install from './install.json';
import people from './people.json';
import reflections from './reflections.json';
import shell from './shell.json';
import signIn from './sign-in.json';
import today from './today.json';
import ui from './ui.json';

/** Every English message: one catalogue file per feature, its keys begun with the feature's name. */
export const en = {
  ...activity,
  ...cohorts,
  ...install,
  ...people,
  ...reflections,
  ...shell,
  ...signIn,
  ...today,
  ...ui,
};
