/** Starts the command line from code that was compiled when it was built: a short run is mostly compiling otherwise. */
import { launch } from './launch.ts';

launch();
