import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Artifact } from '../../domain/artifact.js';
import type { ArtifactId } from '../../domain/ids.js';
import { beginArtifact } from '../../service/artifact/begin-artifact.js';
import { commitArtifact } from '../../service/artifact/commit-artifact.js';
import { findArtifact } from '../../service/artifact/find-artifact.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { REQUEST_ID } from '../request-id.js';
import { ArtifactType, ArtifactUploadType } from './artifact.type.js';
import { artifactPath } from './artifact-path.js';
import { BeginArtifactInputType } from './begin-artifact.input.js';

@Resolver(() => ArtifactType)
export class ArtifactResolver {
  @Access('viewer', 'trial')
  @Query(() => ArtifactType, { nullable: true, description: 'One artifact; null when there is none that you can see.' })
  artifact(
    @Arg('id', () => ID, { description: 'Its identifier.' }) id: ArtifactId,
    @Ctx() { deps, principal }: Context,
  ): Promise<Artifact | null> {
    return findArtifact(deps, principal, { id });
  }

  @Access('writer', 'trial')
  @Mutation(() => ArtifactUploadType, {
    description: 'Begins the upload of a file: PUT its bytes to `uploadPath`, then call `commitArtifact`.',
  })
  async beginArtifact(
    @Arg('input', () => BeginArtifactInputType, { description: 'The file.' }) input: BeginArtifactInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<ArtifactUploadType> {
    const artifact = await beginArtifact(deps, principal, input);
    return { artifact, uploadPath: artifactPath(artifact.id) };
  }

  @Access('writer', 'trial')
  @Mutation(() => ArtifactType, {
    description:
      'Completes an upload: the bytes in the store are checked against the claimed size and checksum. Throws ARTIFACT_CORRUPT when they differ.',
  })
  commitArtifact(
    @Arg('id', () => ID, { description: 'The artifact.' }) id: ArtifactId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Artifact> {
    return commitArtifact(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Path of the server to GET the bytes from; null until COMMITTED.',
  })
  downloadPath(@Root() artifact: Artifact): string | null {
    return artifact.state === 'COMMITTED' ? artifactPath(artifact.id) : null;
  }
}
