/**
 * Clients of the native HTTP interfaces.
 *
 * <p>{@code io.assay.client.registry}, {@code .policy} and {@code .lineage} are generated from
 * {@code api-specs}: one blocking interface a tag, models in {@code .model}. They can be had in two
 * ways.
 *
 * <p><b>In a Micronaut application</b> they are beans, to be injected. The addresses are {@code
 * micronaut.http.services.assay-registry.url}, {@code …assay-policy.url} and {@code
 * …assay-lineage.url}; a bean of type {@link io.assay.client.Credentials} supplies the token.
 *
 * <p><b>In any other program</b> (command line, tests) {@link io.assay.client.Assay} makes them,
 * for as many callers as there are:
 *
 * <pre>{@code
 * try (var assay = Assay.at(URI.create("http://127.0.0.1:8080"))) {
 *   var engineer = assay.as(() -> token);
 *   var datasets = engineer.client(DatasetsApi.class);
 *   var created = datasets.registerDataset(new NewDataset("compas"), null);
 *   long position = Assay.position(created);
 * }
 * }</pre>
 *
 * <p>Either way an answer of 400 or above is a {@link io.assay.client.ProblemResponse}, which holds
 * the problem document; 404 is one too, never null.
 */
@NullMarked
package io.assay.client;

import org.jspecify.annotations.NullMarked;
