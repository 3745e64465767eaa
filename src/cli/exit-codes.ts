/** The codes with which a command ends, by `sysexits.h`, so that a supervisor can tell what a restart would not mend. */

/** What was typed is no command of Waybill, or not an argument of the command. */
export const usageExit = 64;

/** The settings have a fault. */
export const settingsExit = 78;

/** Any other failure. */
export const failureExit = 1;
