/** Finds and moves the heading of CHANGELOG.md under which changes are collected. */

const heading = /^## Unreleased\n/m;

/** @returns what stands below the heading, up to the next version, and where the heading is */
export function unreleasedPart(changelog) {
  const found = heading.exec(changelog);
  if (found === null) throw new Error('CHANGELOG.md: expected the heading "## Unreleased", found none');
  const [text = ''] = changelog.slice(found.index + found[0].length).split(/^## /m, 1);
  return { text, at: found.index };
}

/** @returns the changelog with these changes under the version, and with an empty heading for the next ones */
export function withRelease(changelog, version, date) {
  const { at } = unreleasedPart(changelog);
  return `${changelog.slice(0, at)}## Unreleased\n\n${changelog.slice(at).replace(heading, `## ${version} (${date})\n`)}`;
}
