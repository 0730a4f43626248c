/**
 * The registry's bucket in S3, or in what speaks its protocol, by Amazon's SDK. The only package that knows the SDK; start at {@link
 * dev.presage.store.s3.S3Bucket}.
 */
@NullMarked
package dev.presage.store.s3;

import org.jspecify.annotations.NullMarked;
