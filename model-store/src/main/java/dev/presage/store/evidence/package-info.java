/**
 * What live traffic says of a version: the challenger's predictions beside the champion's, the canary's requests beside the others, and what a
 * version's picks would have led to. Pure arithmetic on samples; start at {@link dev.presage.store.evidence.ShadowJudge}.
 */
@NullMarked
package dev.presage.store.evidence;

import org.jspecify.annotations.NullMarked;
