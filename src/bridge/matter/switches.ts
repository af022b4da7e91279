// Must be imported before anything else of the Matter library: by itself it would read our arguments and a config.json, keep
// files in the home folder, and take over signals, unhandled errors and the exit code.
import { config } from '@matter/nodejs/config';

config.loadProcessArgv = false;
config.loadProcessEnv = false;
config.loadConfigFile = false;
config.initializeStorage = false;
config.installFilesystem = false;
config.trapProcessSignals = false;
config.trapUnhandledErrors = false;
config.setProcessExitCodeOnError = false;
