import semver from 'semver';

/** By semantic versioning; false for what is no version. */
export const isNewer = (a: string, b: string): boolean => semver.valid(a) !== null && semver.valid(b) !== null && semver.gt(a, b);
