/** Jobs that a service may not show yet. */

/**
 * GetJob of Data Exchange may answer 404 for some seconds after CreateJob. In this time the waiter of Terraform's AWS provider takes
 * a 404 for "not yet".
 */
export const youngMs = 5_000;
