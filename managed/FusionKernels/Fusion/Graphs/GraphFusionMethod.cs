namespace FusionKernels;

/// <summary>How the graph of a <see cref="GraphFusion"/> is made of its views.</summary>
public enum GraphFusionMethod
{
    /// <summary>Neighbours by the mean of the views' kernels, weighted by how smoothly labels or targets spread over each view's own graph.</summary>
    LabelPropagation,

    /// <summary>Similarity network fusion (Wang et al. 2014) of the views' kernels.</summary>
    NetworkFusion,
}
