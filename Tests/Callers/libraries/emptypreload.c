/* A preload that does nothing: what any library costs and shows. The harness is proven with it. */
extern int emptypreload_is_here;
int emptypreload_is_here = 1;
