namespace FusionKernels;

/// <summary>A kind of edge between kinds of nodes.</summary>
/// <param name="Source">The kind of node that is heard.</param>
/// <param name="Name">The relation's own name, unlike all others.</param>
/// <param name="Target">The kind of node that hears.</param>
public sealed record GraphRelation(string Source, string Name, string Target);
