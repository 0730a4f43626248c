/**
 * Which versions may become champion: a policy per pool as a file, gates that compare a version's evidence with it, and a promoter that acts by
 * them. Depends on {@code bundle}, {@code evidence} and {@code registry}; start at {@link dev.presage.store.promotion.PromotionPolicy} and
 * {@link dev.presage.store.promotion.GovernedRegistry}.
 */
@NullMarked
package dev.presage.store.promotion;

import org.jspecify.annotations.NullMarked;
